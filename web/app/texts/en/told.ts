export const told = {
  waits: 'A request waits for you.',
  title: 'Notifications',
  granted: 'This browser may tell you when a request arrives while you look at something else.',
  denied: 'The browser was told not to show notifications. You can change that in its site settings.',
  default:
    'Be told when a request arrives while you look at something else. The notification does not say of which wallet, or what.',
  allow: 'Allow notifications',
  waiting: (count: number) => (count === 1 ? '1 request' : `${count} requests`),
}
