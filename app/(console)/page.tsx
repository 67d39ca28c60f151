import { PerformanceDashboard } from '@/components/performance-dashboard/performance-dashboard';

export default function Page() {
  return <PerformanceDashboard />;
}
