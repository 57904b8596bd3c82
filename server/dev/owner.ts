type Listed = { id: number; role: string; name: string; invitedUntil: number | null };

/** A link that makes whoever opens it the owner, while nobody is. `token`: the operator's. */
export async function offerOwnership(chatUrl: string, token: string): Promise<string | null> {
  const ask = (method: string, path: string, body?: object) => fetch(`${chatUrl}/api/v1/moderators${path}`, {
    method, headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }, ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await ask('GET', '');
  if (!answer.ok) return null;
  const { moderators } = (await answer.json()) as { moderators: Listed[] };
  const owners = moderators.filter(({ role }) => role === 'owner');
  if (owners.some(({ invitedUntil }) => invitedUntil === null)) return null;
  // A link that was printed before and not opened is void.
  for (const { id } of owners) await ask('DELETE', `/${id}`);
  return ((await (await ask('POST', '', { name: '주인장', role: 'owner' })).json()) as { invitation: string }).invitation;
}
