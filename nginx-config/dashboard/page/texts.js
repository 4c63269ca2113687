/** What the API says, in words for people. */
const byType = {
  'invalid-data': ['Please check this'],
  'short-url-not-found': ['There is no such link', 'It may have been deleted, or belong to another domain.'],
  'non-unique-slug': ['This code is taken', 'Choose another code, or leave it empty to get one.'],
  'invalid-short-url-deletion': ['This link is kept', 'It has been visited too often to be deleted here (DELETE_THRESHOLD). Disable it instead.'],
  'revision-conflict': ['Somebody else has changed this', 'Compare the two versions before you save.'],
  'invalid-api-key': ['This key is not accepted', 'It may be mistyped, disabled or expired.'],
  'invalid-code': ['This link has been used', 'It works once, for ten minutes. Print another one on the server: swiftlet key sign-in'],
  'too-many-links': ['These are too many links', 'Choose a tag, a domain or a single link.'],
  'query-too-slow': ['This takes too long', 'Choose a shorter range or fewer filters.'],
};

const byStatus = {
  0: ['No connection', 'The server can’t be reached. What you typed is kept.'],
  401: ['You are signed out', 'Sign in again to go on.'],
  403: ['Your key may not do this', 'Ask for a key with the right role or scope.'],
  404: ['There is nothing here', 'It may have been deleted.'],
  429: ['Too many requests', 'Wait a moment, then try again.'],
  502: ['The shortener does not answer', 'Try again shortly.'],
  503: ['The shortener does not answer', 'Try again shortly.'],
  504: ['The shortener does not answer', 'Try again shortly.'],
};

/** A problem's heading and what to do about it. */
export function problemText(problem) {
  const known = byType[problem.type];
  const [title, advice] = known ?? byStatus[problem.status] ?? [problem.title || 'Something went wrong'];
  return { title, text: [!known?.[1] && problem.status && problem.detail?.replace(/[^.!?]$/, '$&.'), advice].filter(Boolean).join(' ') };
}

const names = { Edg: 'Edge', OPR: 'Opera', CriOS: 'Chrome', FxiOS: 'Firefox', Mac: 'macOS' };
const named = (words, agent) => words.split(' ').filter((word) => agent.includes(word)).map((word) => names[word] ?? word)[0];

/** A program for the eye; all that it says of itself is beside the pointer. */
export function agentText(agent, isBot) {
  const program = !isBot && named('Edg OPR Firefox FxiOS CriOS Chrome Safari', agent);
  return program ? [program, named('Windows Android iPhone iPad Mac Linux', agent)].filter(Boolean).join(' on ') : agent.slice(0, 60) || 'Unknown';
}
