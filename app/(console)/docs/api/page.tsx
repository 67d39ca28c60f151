import { apiDocument } from '@/app/api/openapi.json/document';
import { ApiReference } from '@/components/api-reference/api-reference';

export default async function Page() {
  return <ApiReference document={await apiDocument()} />;
}
