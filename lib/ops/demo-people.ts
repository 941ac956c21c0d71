/** Who is in the demo's two schools. Data only; every name is invented or a common one. */

/** Last name, first name, and the part of the e-mail before the @ where it cannot be made of the name; null: no e-mail at all. */
export type DemoName = readonly [lastName: string, firstName: string, mailbox?: string | null]

/** In both schools, on purpose: whatever crossed from one to the other would look right but for its numbers. */
export const sharedStudents: readonly DemoName[] = [
  ['Koval', 'Mariya'],
  ['Koval', 'Danylo'],
  ['Lee', 'Sam'],
  ['Brandt', 'Noah'],
  ['Smith', 'Alice'],
  ['Smith', 'Alice', 'alice.smith2'],
  ['Шевченко', 'Олена', 'olena.shevchenko'],
  ["Дем'яненко", 'Тарас', 'taras.demianenko'],
  ['حداد', 'ليلى', 'layla.haddad'],
  ['الخطيب', 'عمر', 'omar.alkhatib'],
  ["O'Brien", 'Siobhán'],
  ["D'Angelo", 'Matteo'],
  ['Müller', 'Jürgen'],
  ['Öztürk', 'Ömer'],
  ['Łukasiewicz', 'Zofia', 'zofia.lukasiewicz'],
  ['Nguyễn', 'Thị Minh Khai', 'minh.nguyen'],
  ['García Márquez', 'José Ángel'],
  ['Søndergaard', 'Bjørk', 'bjork.sondergaard'],
  ['王', '小明', 'xiaoming.wang'],
  ['Κωνσταντίνου', 'Ελένη', 'eleni.konstantinou'],
  ['Suharto', '', 'suharto'],
  ['Featherstonehaugh-Montgomery de la Cruz y Villanueva', 'Maximiliana Alexandrina Konstanze Philippa', 'max.featherstonehaugh'],
  ['Adeyemi', 'Tolu'],
  ['Baker', 'Owen'],
  ['Carter', 'Maya'],
  ['Chen', 'Grace'],
  ['Cohen', 'Eli'],
  ['Davis', 'Jordan'],
  ['Diallo', 'Aminata'],
  ['Evans', 'Harper'],
  ['Fischer', 'Lena'],
  ['Flores', 'Mateo'],
  ['Green', 'Ella'],
  ['Gupta', 'Arjun'],
  ['Hall', 'Caleb'],
  ['Ivanova', 'Daria'],
  ['Jackson', 'Zion'],
  ['Johnson', 'Ava'],
  ['Jones', 'Logan'],
  ['Kaya', 'Elif'],
]

/** In one school only. */
export const ownStudents: Readonly<Record<'northside' | 'riverside', readonly DemoName[]>> = {
  northside: [
    ['Kim', 'Min-jun'],
    ['Lopez', 'Camila'],
    ['Martin', 'Lucas'],
    ['Meyer', 'Finn'],
    ['Miller', 'Chloe'],
    ['Moore', 'Isaac'],
    ['Nakamura', 'Yui'],
    ['Novak', 'Petra'],
    ['Okafor', 'Chidi'],
    ['Olsen', 'Freya'],
    ['Park', 'Ji-woo'],
    ['Patel', 'Anika'],
    ['Perez', 'Diego'],
    ['Petrova', 'Sofia'],
    ['Reyes', 'Gabriel'],
    ['Robinson', 'Amelia'],
    ['Rossi', 'Giulia'],
    ['Santos', 'Rafael', null],
    ['Schmidt', 'Paul'],
    ['Singh', 'Simran'],
  ],
  riverside: [
    ['Alvarez', 'Lucia'],
    ['Bennett', 'Riley'],
    ['Brown', 'Ethan'],
    ['Clark', 'Stella'],
    ['Dubois', 'Camille'],
    ['Eriksson', 'Nils'],
    ['Foster', 'Wyatt'],
    ['Hansen', 'Ida'],
    ['Haile', 'Abel'],
    ['Hughes', 'Nora'],
    ['Kowalski', 'Jan'],
    ['Mbeki', 'Lindiwe'],
    ['Murphy', 'Declan'],
    ['Nowak', 'Maja'],
    ['Rahman', 'Nabila'],
    ['Silva', 'Beatriz'],
    ['Taylor', 'Jasmine'],
    ['Tran', 'Kevin', null],
    ['White', 'Hudson'],
    ['Young', 'Penelope'],
  ],
}

/** Enrolled yesterday: a record without a single grade. */
export const newcomer: DemoName = ['Newman', 'Nia']

/** Who teaches, in the order the classes name them. */
export const teachers: Readonly<Record<'northside' | 'riverside', readonly [DemoName, DemoName, DemoName]>> = {
  northside: [
    ['Hrytsenko', 'Olena'],
    ['Reed', 'Marcus'],
    ['Osei', 'Abena'],
  ],
  riverside: [
    ['Whitfield', 'Clara'],
    ['Bianchi', 'Stefano'],
    ['Nair', 'Priya'],
  ],
}

/** Who runs the school. */
export const admins: Readonly<Record<'northside' | 'riverside', DemoName>> = {
  northside: ['Castillo', 'Elena'],
  riverside: ['Thompson', 'Robert'],
}

/** In both schools with one e-mail: guardian of both Kovals. */
export const guardian = { displayName: 'Iryna Koval', email: 'iryna.koval@family.example' } as const
