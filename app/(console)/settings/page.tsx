import { Settings } from '@/components/settings/settings';

export default function Page() {
  return <Settings />;
}
