import type { SchoolOptions } from './schools'
import { addPeople, castPassword, type PeopledSchool } from './two-schools'
import type { World } from './open-world'

/** Whom a browser test can sign in as, in the words of `loadDemoCast`. */
type SignIn = Readonly<{ site: string; who: string; email: string; password: string }>

/**
 * Small schools beside the demo's two. A test that changes grades, counts tries or needs a school in a special state has one to
 * itself, so that tests may run beside each other and in any order.
 */
const schools: readonly SchoolOptions[] = [
  { slug: 'lakeside', name: 'Lakeside School', shard: 'shard_1' },
  { slug: 'oakfield', name: 'Oakfield School', shard: 'shard_2' },
  { slug: 'hillcrest', name: 'Hillcrest School', shard: 'shard_1' },
  { slug: 'meadow', name: 'Meadow School', shard: 'shard_2' },
  { slug: 'summit', name: 'Summit School', shard: 'shard_1' },
  { slug: 'brookside', name: 'Brookside School', shard: 'shard_1' },
  { slug: 'fairview', name: 'Fairview School', shard: 'shard_2' },
  { slug: 'lockwood', name: 'Lockwood School', shard: 'shard_1' },
  { slug: 'keystone', name: 'Keystone School', shard: 'shard_1' },
  // Alone on its shard, which a test takes away.
  { slug: 'outlook', name: 'Outlook School', shard: 'shard_3' },
  { slug: 'alsharq', name: 'مدرسة الشرق', shard: 'shard_2', locale: 'ar' },
  // Rosters change whole schools.
  { slug: 'birchwood', name: 'Birchwood School', shard: 'shard_1' },
  { slug: 'elmwood', name: 'Elmwood School', shard: 'shard_2' },
  { slug: 'fernside', name: 'Fernside School', shard: 'shard_1' },
  { slug: 'glenview', name: 'Glenview School', shard: 'shard_2' },
  { slug: 'kingsbury', name: 'Kingsbury School', shard: 'shard_1' },
  { slug: 'alnahda', name: 'مدرسة النهضة', shard: 'shard_2', locale: 'ar' },
  { slug: 'stillwater', name: 'Stillwater School', shard: 'shard_1', status: 'read_only' },
  { slug: 'closedown', name: 'Closedown School', shard: 'shard_1', status: 'suspended' },
]

/** Adds them to a world; each has the people, classes and grades of `addPeople`. */
export async function addSmallSchools(world: World): Promise<readonly SignIn[]> {
  const added: PeopledSchool[] = []
  for (const options of schools) added.push(await addPeople(world, await world.addSchool(options)))
  return added.flatMap(({ slug, teacher, otherTeacher, admin, student, guardian }) =>
    Object.entries({ teacher, otherTeacher, admin, student, guardian }).map(([part, { member }]) => ({
      site: slug,
      who: `${part} ${member.displayName}`,
      email: member.email,
      password: castPassword,
    })),
  )
}
