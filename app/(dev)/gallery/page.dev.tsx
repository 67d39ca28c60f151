import { Gallery } from './gallery';

export const metadata = { title: 'Gallery · Pitwall' };

/** Every part in every state, in development alone. `?theme=light` or `dark` shows one theme instead of both. */
export default async function Page({ searchParams }: { searchParams: Promise<{ theme?: string }> }) {
  const { theme } = await searchParams;
  return <Gallery themes={theme === 'light' || theme === 'dark' ? [theme] : ['light', 'dark']} />;
}
