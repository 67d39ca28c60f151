import Link from 'next/link';

export default function NotFound() {
  return (
    <main className="mx-auto max-w-md px-6 py-24">
      <title>Not found · Pitwall</title>
      <h1 className="text-xl font-medium">There’s no page at this address</h1>
      <p className="mt-2 text-text-2">
        Go to{' '}
        <Link href="/" className="text-accent underline underline-offset-2">
          Performance
        </Link>
        .
      </p>
    </main>
  );
}
