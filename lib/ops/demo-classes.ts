/** What is taught in the demo's schools. Data only; both schools teach the same, so that their titles are alike on purpose. */

export type Season = 'autumn' | 'spring'

/** A category's place in the total; `weight` null: by points. */
export type DemoCategory = Readonly<{ name: string; weight: string | null; dropLowest?: number }>

/** One assignment: its title, category, points, tag, and whether it is extra credit. Work is dated in the order given. */
export type DemoWork = readonly [title: string, category: string, maxPoints: number, tag: string, kind?: 'extra']

export type DemoClass = Readonly<{
  name: string
  subject: string
  /** Place in the list of teachers. */
  teacher: 0 | 1 | 2
  sections: readonly string[]
  categories: readonly DemoCategory[]
  work: Readonly<Record<Season, readonly DemoWork[]>>
}>

export const demoClasses: readonly DemoClass[] = [
  {
    name: 'Biology 9A',
    subject: 'Science',
    teacher: 0,
    sections: ['Period 2', 'Period 5'],
    categories: [
      { name: 'Tests', weight: '50' },
      { name: 'Quizzes', weight: '20', dropLowest: 1 },
      { name: 'Homework and labs', weight: '30' },
    ],
    work: {
      autumn: [
        ['Lab safety', 'Homework and labs', 10, 'lab'],
        ['Characteristics of life', 'Quizzes', 20, 'cells'],
        ['Microscope lab', 'Homework and labs', 25, 'lab'],
        ['Cell structure', 'Quizzes', 20, 'cells'],
        ['Unit 1: The cell', 'Tests', 100, 'cells'],
        ['Osmosis lab report', 'Homework and labs', 40, 'lab'],
        ['Enzymes', 'Quizzes', 15, 'energy'],
        ['Photosynthesis worksheet', 'Homework and labs', 20, 'energy'],
        ['Respiration', 'Quizzes', 20, 'energy'],
        ['Unit 2: Energy of life', 'Tests', 100, 'energy'],
        ['Nature journal', 'Homework and labs', 5, 'field', 'extra'],
        ['Mitosis models', 'Homework and labs', 30, 'genetics'],
        ['Cell cycle', 'Quizzes', 20, 'genetics'],
        ['Unit 3: Cell division', 'Tests', 100, 'genetics'],
      ],
      spring: [
        ['Punnett squares', 'Homework and labs', 20, 'genetics'],
        ['Mendel', 'Quizzes', 20, 'genetics'],
        ['DNA extraction lab', 'Homework and labs', 30, 'lab'],
        ['Unit 4: Heredity', 'Tests', 100, 'genetics'],
        ['Natural selection', 'Quizzes', 20, 'evolution'],
        ['Fossil record worksheet', 'Homework and labs', 15, 'evolution'],
        ['Unit 5: Evolution', 'Tests', 100, 'evolution'],
        ['Pond survey', 'Homework and labs', 40, 'field'],
        ['Food webs', 'Quizzes', 15, 'ecology'],
        ['Science fair', 'Homework and labs', 10, 'field', 'extra'],
        ['Unit 6: Ecology', 'Tests', 120, 'ecology'],
      ],
    },
  },
  {
    name: 'Algebra I',
    subject: 'Mathematics',
    teacher: 1,
    sections: ['Period 1', 'Period 4'],
    categories: [],
    work: {
      autumn: [
        ['Math Test', 'none', 50, 'test'],
        ['Integers', 'none', 20, 'homework'],
        ['Order of operations', 'none', 20, 'homework'],
        ['One-step equations', 'none', 25, 'homework'],
        ['Chapter 1 test', 'none', 100, 'test'],
        ['Two-step equations', 'none', 25, 'homework'],
        ['Inequalities', 'none', 25, 'homework'],
        ['Chapter 2 test', 'none', 100, 'test'],
        ['Slope', 'none', 20, 'homework'],
        ['Puzzle of the month', 'none', 5, 'bonus', 'extra'],
        ['Linear functions project', 'none', 60, 'project'],
        ['Chapter 3 test', 'none', 100, 'test'],
      ],
      spring: [
        ['Systems by graphing', 'none', 20, 'homework'],
        ['Systems by substitution', 'none', 25, 'homework'],
        ['Chapter 4 test', 'none', 100, 'test'],
        ['Exponents', 'none', 20, 'homework'],
        ['Polynomials', 'none', 25, 'homework'],
        ['Chapter 5 test', 'none', 100, 'test'],
        ['Factoring', 'none', 25, 'homework'],
        ['Parabola project', 'none', 60, 'project'],
        ['Final exam', 'none', 150, 'test'],
      ],
    },
  },
  {
    name: 'World History',
    subject: 'Social studies',
    teacher: 2,
    sections: [],
    categories: [
      { name: 'Essays', weight: '40' },
      { name: 'Map work', weight: '20', dropLowest: 1 },
      { name: 'Exams', weight: '40' },
    ],
    work: {
      autumn: [
        ['Map of Mesopotamia', 'Map work', 15, 'ancient'],
        ['Essay 1', 'Essays', 100, 'ancient'],
        ['Map of the Nile', 'Map work', 15, 'ancient'],
        ['Exam: River civilisations', 'Exams', 80, 'ancient'],
        ['Map of Greece', 'Map work', 15, 'classical'],
        ['Essay 2', 'Essays', 100, 'classical'],
        ['Exam: Greece and Rome', 'Exams', 80, 'classical'],
        ['Map of the Silk Road', 'Map work', 15, 'trade'],
        ['Essay 3', 'Essays', 100, 'trade'],
      ],
      spring: [
        ['Map of medieval Europe', 'Map work', 15, 'medieval'],
        ['Essay 4', 'Essays', 100, 'medieval'],
        ['Exam: Middle Ages', 'Exams', 80, 'medieval'],
        ['Map of the Age of Sail', 'Map work', 15, 'trade'],
        ['Essay 5', 'Essays', 100, 'modern'],
        ['Exam: Revolutions', 'Exams', 80, 'modern'],
      ],
    },
  },
  {
    name: 'English 9',
    subject: 'English',
    teacher: 0,
    sections: ['Period 3', 'Period 6'],
    categories: [
      { name: 'Reading', weight: null, dropLowest: 1 },
      { name: 'Writing', weight: null },
    ],
    work: {
      autumn: [
        ['Summer reading check', 'Reading', 20, 'novel'],
        ['Personal narrative', 'Writing', 50, 'essay'],
        ['Vocabulary 1', 'Reading', 15, 'vocabulary'],
        ['Short story analysis', 'Writing', 40, 'essay'],
        ['Vocabulary 2', 'Reading', 15, 'vocabulary'],
        ['Novel quiz: chapters 1-10', 'Reading', 25, 'novel'],
        ['Argument essay', 'Writing', 100, 'essay'],
        ['Book talk', 'Reading', 10, 'novel', 'extra'],
        ['Novel quiz: chapters 11-20', 'Reading', 25, 'novel'],
        ['Poetry portfolio', 'Writing', 60, 'poetry'],
      ],
      spring: [
        ['Vocabulary 3', 'Reading', 15, 'vocabulary'],
        ['Research question', 'Writing', 20, 'essay'],
        ['Drama quiz: acts 1-2', 'Reading', 25, 'drama'],
        ['Annotated bibliography', 'Writing', 40, 'essay'],
        ['Drama quiz: acts 3-5', 'Reading', 25, 'drama'],
        ['Research paper', 'Writing', 100, 'essay'],
        ['Scene performance', 'Reading', 30, 'drama'],
      ],
    },
  },
]
