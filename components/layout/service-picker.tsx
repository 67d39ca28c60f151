import { ChevronDown } from 'lucide-react';
import type { ServiceState } from '@/lib/contracts/overview';

interface ServicePickerProps {
  readonly service: string;
  readonly services: readonly ServiceState[];
  readonly onChange: (service: string) => void;
}

/** Which service the page is about. */
export function ServicePicker({ service, services, onChange }: ServicePickerProps) {
  const known = services.map((each) => each.service);
  const names = service === 'all' || known.includes(service) ? known : [service, ...known];
  return (
    <label className="relative inline-flex min-w-0 items-center">
      <span className="sr-only">Service</span>
      <select
        value={service}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 max-w-[200px] min-w-0 appearance-none truncate rounded-md border border-line-strong bg-raised pr-7 pl-3 text-sm font-medium hover:bg-hover"
      >
        <option value="all">All services</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <ChevronDown size={14} aria-hidden className="pointer-events-none absolute right-2 text-text-3" />
    </label>
  );
}
