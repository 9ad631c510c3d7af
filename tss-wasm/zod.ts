import { z } from 'zod'

// Without compiling code of its own, which the page's Content-Security-Policy forbids and would report.
z.config({ jitless: true })

export { z }
