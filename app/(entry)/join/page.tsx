import { Join } from '@/components/join/join';

export default function Page() {
  return <Join />;
}
