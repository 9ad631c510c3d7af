import { coordinatorOf } from '../../jobs/joinByInvitation.ts'
import type { AppPlace } from '../../jobs/showInvitations.ts'
import { isRunning, useCeremony } from '../../state/ceremony.ts'
import { useCoordinators } from '../../state/coordinators.ts'
import { usePreferences } from '../../state/preferences.ts'
import type { CommandPorts, Commands } from './commands.ts'

type Coordinators = Pick<Commands, 'loadCoordinators' | 'chooseCoordinator' | 'otherCoordinator'>

/** Whom the app asks, where it is served by somebody else: its person says, and nobody else. */
export function coordinators(ports: CommandPorts, chosen: () => Promise<void>): Coordinators {
  return {
    async loadCoordinators() {
      useCoordinators.setState({ offered: await ports.coordinators() })
    },
    async chooseCoordinator(origin) {
      if (!useCoordinators.getState().offered.includes(origin)) return false
      // What is not settled can be settled only where it began.
      const isPending = (await ports.shares.list()).some(({ state }) => state === 'pending')
      if (isPending || isRunning(useCeremony.getState().current)) return false
      usePreferences.setState({ coordinator: origin })
      ports.preferences.save(usePreferences.getState())
      void chosen()
      return true
    },
    otherCoordinator(invitation) {
      const named = coordinatorOf(invitation, ports.now())
      const isOffered = named !== undefined && useCoordinators.getState().offered.includes(named)
      return isOffered && named !== usePreferences.getState().coordinator ? named : undefined
    },
  }
}

/** Where links to this app begin, and which coordinator they have to name. */
export async function appPlace(ports: CommandPorts): Promise<AppPlace> {
  const { coordinator } = usePreferences.getState()
  const app = await ports.webApp()
  return coordinator === '' ? { app } : { app, coordinator }
}
