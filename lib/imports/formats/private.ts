/**
 * Columns that are about the person, not about grades: their values are left out of everything that is stored. A heading is
 * private as a whole ("Guardian 2 phone number"), never for a word in it: "Address to the nation" is an assignment. Pure.
 */

/**
 * What a heading (folded by `foldHeading`) says of its column: `always` personal data, or personal when it holds `text`, because
 * such a word is a school subject or a race over 100 m as well. Null when it says nothing.
 */
export function privacyOfHeading(word: string): 'always' | 'text' | null {
  if (whole.has(word) || personal.has(word)) return 'always'
  if (subjects.has(word)) return 'text'
  const { rest, isOfFamily } = withoutOwner(word.replace(ending, ''))
  const isPrivate = whole.has(rest) || personal.has(rest) || (isOfFamily && (familyOnly.has(rest) || subjects.has(rest)))
  return isPrivate ? 'always' : null
}

const ending = /(?: (?:number|no\.?|#|line))?(?: \d)?$/
const owner =
  /^(student|pupil|learner|home|primary|secondary|permanent|current|mailing|postal|legal|(?:parent|guardian|mother|father|family|emergency contact|emergency|parent\/guardian)(?: \d)?)(?:'?s)? (?=\S)/

function withoutOwner(word: string): Readonly<{ rest: string; isOfFamily: boolean }> {
  let rest = word
  let isOfFamily = false
  for (let found = owner.exec(rest); found; found = owner.exec(rest)) {
    isOfFamily ||= /^(?:parent|guardian|mother|father|family|emergency)/.test(found[1] ?? '')
    rest = rest.slice(found[0].length)
  }
  return { rest, isOfFamily }
}

/** Also subjects, places of an essay and what runners do. */
const subjects = new Set([
  ...['race', 'health', 'religion', 'sex', 'city', 'street', 'insurance', 'special education', '504'],
  ...['sexo', 'religión', 'calle', 'ciudad', 'стать', 'релігія', 'місто', 'الديانة', 'المدينة'],
])

const personal = new Set([
  ...['ssn', 'social security', 'social security number', 'national id', 'tax id', 'passport', 'medicaid'],
  ...[
    'birth date',
    'birthdate',
    'date of birth',
    'dob',
    'd.o.b.',
    'd.o.b',
    'birthday',
    'birth day',
    'place of birth',
    'birthplace',
  ],
  ...['address', 'street address', 'zip', 'zip code', 'zipcode', 'postcode', 'postal code', 'zip/postal code'],
  ...['phone', 'telephone', 'mobile', 'mobile phone', 'cell', 'cell phone', 'phone (home)', 'phone (mobile)'],
  ...['medical', 'medical notes', 'medical info', 'medical information', 'medical conditions', 'medical condition'],
  ...['medical alert', 'medical alerts', 'health notes', 'health conditions', 'medication', 'medications'],
  ...['allergy', 'allergies', 'diagnosis', 'diagnoses', 'disability', 'disabilities', 'special needs'],
  ...['iep', 'iep status', '504 plan', '504 status', 'doctor', 'physician', 'immunization', 'immunizations', 'blood type'],
  ...['gender', 'ethnicity', 'race/ethnicity', 'nationality', 'citizenship', 'immigration status'],
  ...['lunch status', 'free/reduced lunch', 'free lunch', 'emergency contact', 'personal email', 'home email'],
])

/** Private when they are a parent's or guardian's; a student's own are needed. */
const familyOnly = new Set([
  ...['email', 'e-mail', 'email address', 'e-mail address', 'mail', 'name', 'first name', 'last name', 'full name', 'contact'],
  ...['occupation', 'employer', 'relationship', 'income'],
])

const whole = new Set([
  ...['parent', 'parents', 'guardian', 'guardians', 'mother', 'father', 'parent/guardian'],
  // Spanish
  ...['fecha de nacimiento', 'lugar de nacimiento', 'dirección', 'domicilio', 'código postal', 'dni', 'nie'],
  ...['curp', 'nss', 'número de seguridad social', 'seguridad social', 'pasaporte', 'teléfono', 'teléfono móvil', 'móvil'],
  ...['celular', 'alergia', 'alergias', 'medicación', 'medicamentos', 'diagnóstico', 'discapacidad', 'datos médicos'],
  ...['información médica', 'historial médico', 'observaciones médicas', 'género', 'nacionalidad', 'etnia'],
  ...['padre', 'madre', 'tutor', 'correo del padre', 'correo de la madre', 'correo del tutor', 'correo electrónico del tutor'],
  ...['correo electrónico del padre', 'correo electrónico de la madre', 'teléfono del padre', 'teléfono de la madre'],
  ...['teléfono del tutor', 'nombre del padre', 'nombre de la madre', 'nombre del tutor', 'contacto de emergencia'],
  // Ukrainian
  ...['дата народження', 'місце народження', 'адреса', 'домашня адреса', 'адреса проживання', 'поштовий індекс'],
  ...['паспорт', 'іпн', 'рнокпп', 'ідентифікаційний код', 'телефон', 'номер телефону', 'мобільний', 'мобільний телефон'],
  ...['медичні дані', 'медична інформація', 'алергія', 'алергії', 'діагноз', 'інвалідність', 'ліки', "стан здоров'я"],
  ...['національність', 'громадянство', 'батьки', 'мати', 'батько', 'опікун', 'телефон батьків', 'телефон матері'],
  ...['телефон батька', 'телефон опікуна', 'електронна пошта батьків', 'електронна адреса батьків', 'пошта батьків'],
  // Arabic
  ...['تاريخ الميلاد', 'مكان الميلاد', 'العنوان', 'عنوان المنزل', 'عنوان السكن', 'الرمز البريدي', 'الهاتف', 'رقم الهاتف'],
  ...['الجوال', 'رقم الجوال', 'رقم الهوية', 'الرقم الوطني', 'رقم الضمان الاجتماعي', 'جواز السفر', 'رقم جواز السفر', 'الجنس'],
  ...['الجنسية', 'بيانات طبية', 'معلومات طبية', 'الحساسية', 'التشخيص', 'الإعاقة', 'الأدوية', 'ولي الأمر'],
  ...['اسم ولي الأمر', 'هاتف ولي الأمر', 'بريد ولي الأمر', 'البريد الإلكتروني لولي الأمر', 'جهة اتصال الطوارئ'],
])
