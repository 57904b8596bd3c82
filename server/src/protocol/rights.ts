/** Whoever is nobody else is a reader; a moderator is one in their rooms only, an owner everywhere. */
export const roles = ['reader', 'moderator', 'owner'] as const;
export type Role = (typeof roles)[number];

/** The least role for an act: upon what is one's own, and upon what is another's. null: nobody. */
type Right = { own: Role | null; others: Role | null };

/** What a socket may ask for. The only table of it: what acts, refuses and offers looks here, and so do the tests. */
export const rights = {
  say: { own: 'reader', others: null },
  edit: { own: 'reader', others: null },
  delete: { own: 'reader', others: 'moderator' },
  react: { own: 'reader', others: 'reader' },
  report: { own: 'reader', others: 'reader' },
  ban: { own: null, others: 'moderator' },
  mute: { own: null, others: 'moderator' },
  unban: { own: null, others: 'moderator' },
  pin: { own: 'moderator', others: 'moderator' },
  answer: { own: 'moderator', others: 'moderator' },
  approve: { own: 'moderator', others: 'moderator' },
  refuse: { own: 'moderator', others: 'moderator' },
  dismiss: { own: 'moderator', others: 'moderator' },
  rules: { own: 'moderator', others: 'moderator' },
  lower: { own: 'moderator', others: 'moderator' },
  undo: { own: 'moderator', others: 'moderator' },
} as const satisfies Record<string, Right>;
export type Act = keyof typeof rights;

/** What is asked over HTTP, by who holds a key. */
export const httpRights = {
  'PUT /api/v1/rooms/:id/stream': 'owner',
  'DELETE /api/v1/rooms/:id/stream': 'owner',
  'GET /api/v1/moderators': 'owner',
  'POST /api/v1/moderators': 'owner',
  'DELETE /api/v1/moderators/:number': 'owner',
  'GET /api/v1/pairings/:code': 'moderator',
  'POST /api/v1/pairings/:code': 'moderator',
  'GET /api/v1/me': 'moderator',
  'GET /api/v1/rooms/:id/desk': 'moderator',
  'GET /api/v1/rooms/:id/export': 'moderator',
  'POST /api/v1/rooms/:id/import': 'owner',
  'GET /api/v1/words': 'moderator',
  'PUT /api/v1/words': 'moderator',
  'GET /api/v1/rooms': 'moderator',
  'GET /api/v1/rooms/:id/search': 'moderator',
  'POST /api/v1/rooms/:id/acts': 'moderator',
  'GET /api/v1/bans': 'moderator',
  'GET /api/v1/audit': 'moderator',
  'GET /api/v1/health': 'owner',
  'GET /api/v1/settings': 'owner',
  'POST /api/v1/doctor': 'owner',
  'GET /api/v1/erasures': 'owner',
  'GET /api/v1/webhooks': 'owner',
  'POST /api/v1/webhooks': 'owner',
  'DELETE /api/v1/webhooks/:number': 'owner',
  'GET /api/v1/webhooks/:number/deliveries': 'owner',
  'POST /api/v1/webhooks/:number/replay': 'owner',
  'POST /api/v1/webhooks/:number/test': 'owner',
  'GET /api/v1/errors': 'owner',
} as const satisfies Record<string, Role>;

/** Of what is asked over HTTP, what a moderator may ask where their reach goes only: over the room, or over all of its site. */
export const httpReach = {
  'GET /api/v1/rooms/:id/desk': 'room',
  'GET /api/v1/rooms/:id/export': 'room',
  'GET /api/v1/words': 'site',
  'PUT /api/v1/words': 'site',
  'GET /api/v1/rooms/:id/search': 'room',
  'POST /api/v1/rooms/:id/acts': 'room',
} as const satisfies Partial<Record<keyof typeof httpRights, 'room' | 'site'>>;

export function isAtLeast(role: Role, least: Role | null): boolean {
  return least !== null && roles.indexOf(role) >= roles.indexOf(least);
}

/** Where somebody is more than a reader. null: everywhere, and every room of the site. */
export type Scope = { site: string | null; post: string | null };

/** Whether somebody's reach goes over what is asked; a room's moderator does not speak for its site. */
export function reaches(asked: keyof typeof httpReach, scope: Scope, place: { site: string; post: string }): boolean {
  return covers(scope, place) && (httpReach[asked] === 'room' || scope.post === null);
}

export function covers(scope: Scope, place: { site: string; post: string }): boolean {
  return (scope.site === null || scope.site === place.site) && (scope.post === null || scope.post === place.post);
}
