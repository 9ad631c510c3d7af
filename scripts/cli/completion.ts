import { commonOptions, type Command, type Option } from './table.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** What completes commands and options in that shell, written from the table of commands. Files complete themselves. */
export function completionFor(shell: Shell, commands: readonly Command[]): string {
  if (shell === 'fish') return fish(commands)
  return shell === 'bash' ? bash(commands) : zsh(commands)
}

/** What may come next, by the words before: the next words of commands, and the options of a whole one. */
function stepsOf(commands: readonly Command[]): readonly (readonly [before: string, next: readonly string[]])[] {
  const steps = new Map<string, Set<string>>([['', new Set()]])
  for (const { name } of commands) {
    const words = name.split(' ')
    words.forEach((word, at) => {
      const before = words.slice(0, at).join(' ')
      const next = steps.get(before) ?? new Set<string>()
      steps.set(before, next.add(word))
    })
  }
  for (const [, next] of steps) for (const option of Object.keys(commonOptions)) next.add(`--${option}`)
  for (const { name, options = {} } of commands)
    steps.set(name, new Set(Object.keys({ ...options, ...commonOptions }).map((option) => `--${option}`)))
  return [...steps].map(([before, next]) => [before, [...next]])
}

const optionsOf = (commands: readonly Command[]): readonly (readonly [string, Option])[] =>
  Object.entries(Object.assign({}, commonOptions, ...commands.map(({ options }) => options)) as Record<string, Option>)

/** Options that take the next word, which is no word of a command. */
const valuedIn = (commands: readonly Command[]) =>
  optionsOf(commands).flatMap(([name, { value }]) => (value === undefined ? [] : [`--${name}`]))

const chosenIn = (commands: readonly Command[]) =>
  optionsOf(commands).flatMap(([name, { one }]) => (one === undefined ? [] : [[`--${name}`, one] as const]))

/** A shell's `case` from the words before to what may come next; behind a whole command, whatever its arguments are. */
function cases(commands: readonly Command[], reply: (next: readonly string[]) => string): string {
  const whole = new Set(commands.map(({ name }) => name))
  const steps = stepsOf(commands).toSorted(([a], [b]) => b.length - a.length)
  return steps
    .map(([before, next]) => {
      const pattern = before === '' ? "''" : whole.has(before) ? `'${before} '*` : `'${before} '`
      return `    ${pattern}) ${reply(next)} ;;\n`
    })
    .join('')
}

function bash(commands: readonly Command[]): string {
  const words = (next: readonly string[]) => `COMPREPLY=($(compgen -W '${next.join(' ')}' -- "$cur"))`
  const chosen = chosenIn(commands).map(([option, one]) => `    ${option}) ${words(one)}; return ;;\n`)
  return `# quorate completion bash
_quorate() {
  local cur=\${COMP_WORDS[COMP_CWORD]} last=\${COMP_WORDS[COMP_CWORD-1]} before='' i
  COMPREPLY=()
  case "$last" in
${chosen.join('')}    ${valuedIn(commands).join('|')}) return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${valuedIn(commands).join('|')}) ((i++)) ;;
      -*) ;;
      *) before+="\${COMP_WORDS[i]} " ;;
    esac
  done
  case "$before" in
${cases(commands, words)}  esac
}
complete -o default -F _quorate quorate
`
}

function zsh(commands: readonly Command[]): string {
  const words = (next: readonly string[]) => `compadd -- ${next.join(' ')}`
  const chosen = chosenIn(commands).map(([option, one]) => `    ${option}) ${words(one)}; return ;;\n`)
  return `#compdef quorate
_quorate() {
  local before='' i
  case "\${words[CURRENT-1]}" in
${chosen.join('')}    ${valuedIn(commands).join('|')}) _files; return ;;
  esac
  for ((i = 2; i < CURRENT; i++)); do
    case "\${words[i]}" in
      ${valuedIn(commands).join('|')}) ((i++)) ;;
      -*) ;;
      *) before+="\${words[i]} " ;;
    esac
  done
  case "$before" in
${cases(commands, words)}  esac
  [[ -n $before ]] && _files
}
compdef _quorate quorate
`
}

function fish(commands: readonly Command[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`
  const lines: string[] = []
  for (const [before, next] of stepsOf(commands)) {
    const words = before === '' ? [] : before.split(' ')
    const condition =
      words.length === 0
        ? '__fish_use_subcommand'
        : words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
    for (const each of next.filter((word) => !word.startsWith('-'))) {
      const found = commands.find(({ name }) => name === [...words, each].join(' '))
      const says = found === undefined ? '' : ` -d ${quoted(found.says)}`
      const files = found === undefined && words.length === 0 ? ' -f' : ''
      lines.push(`complete -c quorate${files} -n ${quoted(condition)} -a ${each}${says}`)
    }
  }
  for (const { name, options = {} } of commands) {
    const condition = name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ')
    lines.push(...Object.entries(options).map((option) => fishOption(option, ` -n ${quoted(condition)}`)))
  }
  lines.push(...Object.entries(commonOptions).map((option) => fishOption(option, '')))
  return `# quorate completion fish\n${lines.join('\n')}\n`

  function fishOption([name, { value, one, says }]: readonly [string, Option], condition: string): string {
    const takes = value === undefined ? '' : one === undefined ? ' -r' : ` -x -a ${quoted(one.join(' '))}`
    return `complete -c quorate${condition} -l ${name}${takes} -d ${quoted(says)}`
  }
}
