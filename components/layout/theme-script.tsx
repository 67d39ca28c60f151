import { THEME_KEY } from '@/hooks/theme-key';

const SCRIPT = `(function(){var t;try{t=localStorage.getItem('${THEME_KEY}')}catch(e){}
document.documentElement.dataset.theme=t==='dark'||t!=='light'&&matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'})()`;

/** Sets the theme before the first paint, so that neither theme flashes. */
export function ThemeScript({ nonce }: { nonce: string | undefined }) {
  // Browsers hide a nonce from the page, which then differs from what was written.
  return <script nonce={nonce} dangerouslySetInnerHTML={{ __html: SCRIPT }} suppressHydrationWarning />;
}
