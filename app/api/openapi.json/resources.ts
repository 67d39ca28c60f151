import * as clear from '../cache/clear/route';
import * as undo from '../cache/clear/[id]/undo/route';
import * as explain from '../cache/explain/route';
import * as keys from '../cache/keys/route';
import * as changes from '../changes/route';
import * as change from '../changes/[id]/route';
import * as config from '../config/route';
import * as checkConfig from '../config/check/route';
import * as configVersions from '../config/versions/route';
import * as configVersion from '../config/versions/[id]/route';
import * as restoreConfig from '../config/versions/[id]/restore/route';
import * as configYaml from '../config/yaml/route';
import * as jobs from '../jobs/route';
import * as job from '../jobs/[id]/route';
import * as cancelJob from '../jobs/[id]/cancel/route';
import * as pauseJob from '../jobs/[id]/pause/route';
import * as resumeJob from '../jobs/[id]/resume/route';
import * as bottlenecks from '../performance/bottlenecks/route';
import * as cache from '../performance/cache/route';
import * as onboarding from '../onboarding/route';
import * as endTrial from '../onboarding/end/route';
import * as probe from '../onboarding/probe/route';
import * as startTrial from '../onboarding/start/route';
import * as health from '../performance/health/route';
import * as metrics from '../performance/metrics/route';
import * as metric from '../performance/metrics/[name]/route';
import * as overview from '../performance/overview/route';
import * as sample from '../sample/route';
import * as burst from '../sample/burst/route';
import * as outage from '../sample/outage/route';
import * as mendOutage from '../sample/outage/stop/route';
import * as traffic from '../sample/traffic/route';
import * as services from '../services/route';
import * as mode from '../services/[service]/mode/route';
import * as acceptInvitation from '../invitations/accept/route';
import * as lookAtInvitation from '../invitations/look/route';
import * as journal from '../journal/route';
import * as eraseFromJournal from '../journal/erase/route';
import * as exportJournal from '../journal/export/route';
import * as people from '../people/route';
import * as person from '../people/[id]/route';
import * as invitePerson from '../people/[id]/invite/route';
import * as session from '../session/route';
import * as signOn from '../sign-on/route';
import * as finishSignOn from '../sign-on/finish/route';
import * as sessions from '../sessions/route';
import * as endSession from '../sessions/[id]/route';
import * as tokens from '../tokens/route';
import * as token from '../tokens/[id]/route';
import type { ResourceModule } from '@/lib/http/openapi/document';

/** Every resource of app/api but this one; a test holds the list to the folders. */
export const RESOURCES: Readonly<Record<string, ResourceModule>> = {
  '/api/cache/clear': clear,
  '/api/cache/clear/{id}/undo': undo,
  '/api/cache/explain': explain,
  '/api/cache/keys': keys,
  '/api/changes': changes,
  '/api/changes/{id}': change,
  '/api/config': config,
  '/api/config/check': checkConfig,
  '/api/config/versions': configVersions,
  '/api/config/versions/{id}': configVersion,
  '/api/config/versions/{id}/restore': restoreConfig,
  '/api/config/yaml': configYaml,
  '/api/invitations/accept': acceptInvitation,
  '/api/invitations/look': lookAtInvitation,
  '/api/jobs': jobs,
  '/api/jobs/{id}': job,
  '/api/jobs/{id}/cancel': cancelJob,
  '/api/jobs/{id}/pause': pauseJob,
  '/api/jobs/{id}/resume': resumeJob,
  '/api/journal': journal,
  '/api/journal/erase': eraseFromJournal,
  '/api/journal/export': exportJournal,
  '/api/onboarding': onboarding,
  '/api/onboarding/end': endTrial,
  '/api/onboarding/probe': probe,
  '/api/onboarding/start': startTrial,
  '/api/people': people,
  '/api/people/{id}': person,
  '/api/people/{id}/invite': invitePerson,
  '/api/performance/bottlenecks': bottlenecks,
  '/api/performance/cache': cache,
  '/api/performance/health': health,
  '/api/performance/metrics': metrics,
  '/api/performance/metrics/{name}': metric,
  '/api/performance/overview': overview,
  '/api/sample': sample,
  '/api/sample/burst': burst,
  '/api/sample/outage': outage,
  '/api/sample/outage/stop': mendOutage,
  '/api/sample/traffic': traffic,
  '/api/services': services,
  '/api/services/{service}/mode': mode,
  '/api/session': session,
  '/api/sessions': sessions,
  '/api/sessions/{id}': endSession,
  '/api/sign-on': signOn,
  '/api/sign-on/finish': finishSignOn,
  '/api/tokens': tokens,
  '/api/tokens/{id}': token,
};
