import { describeFailure } from '@/hooks/api-error';

/** Why something that was asked wasn't done, where it was asked. Nothing where there's no error. */
export function Problem({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const { title, detail } = describeFailure(error);
  return (
    <p role="alert" className="rounded-md bg-bad-wash px-3 py-2 [overflow-wrap:anywhere] text-bad">
      <span className="font-medium">{title}.</span> {detail}
    </p>
  );
}
