import type { JournalEntry } from '../lib/contracts/journal';

/** What was done, by the id of the operation or of the event; what isn't here is shown by its id. */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  signIn: 'Logged in',
  signOut: 'Logged out',
  endSession: 'Ended a session',
  acceptInvitation: 'Set a password by a link',
  addPerson: 'Added somebody',
  changePerson: 'Changed a person',
  removePerson: 'Removed a person',
  invitePerson: 'Made a new link',
  makeFirstAccount: 'First account made',
  makeToken: 'Made a token',
  revokeToken: 'Revoked a token',
  exportJournal: 'Downloaded the journal',
  clearCache: 'Cleared',
  undoClear: 'Undid a clear',
  pauseJob: 'Paused a job',
  resumeJob: 'Resumed a job',
  cancelJob: 'Cancelled a job',
  importConfig: 'Imported a configuration',
  restoreConfig: 'Restored a configuration',
  takeConfig: 'Took a configuration',
  setMode: 'Switched the mode',
  sendBurst: 'Sent a burst to the sample',
  breakSample: 'Broke the sample’s origin',
  mendSample: 'Mended the sample’s origin',
  runSampleTraffic: 'Started or stopped the sample traffic',
  probeUpstream: 'Probed a service',
  startTrial: 'Put a service behind the gateway',
  endTrial: 'Went back to the sample',
  eraseFromJournal: 'Erased somebody from the journal',
  open: 'Pitwall started',
  close: 'Pitwall ended',
  endUnclosed: 'Pitwall had ended without closing',
  loseEvents: 'Events were lost',
};

/** The ids of actions whose words hold a text, in any case. */
export const actionsNamed = (text: string): readonly string[] =>
  Object.entries(ACTION_WORDS).flatMap(([id, words]) => (words.toLowerCase().includes(text.toLowerCase()) ? id : []));

/** An event of the engine says itself what it is. */
export function actionWords({ action, after }: Pick<JournalEntry, 'action' | 'after'>): string {
  const title = typeof after === 'object' && after !== null && 'title' in after ? after.title : undefined;
  return ACTION_WORDS[action] ?? (typeof title === 'string' ? title : action);
}
