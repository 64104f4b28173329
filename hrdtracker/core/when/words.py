"""The words for days, months and times in English and Khmer, for reading and for saying dates."""

from collections.abc import Mapping

MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "km": (
        *("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា"),
        *("កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"),
    ),
}

# Monday first, as Python counts.
WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "km": ("ចន្ទ", "អង្គារ", "ពុធ", "ព្រហស្បតិ៍", "សុក្រ", "សៅរ៍", "អាទិត្យ"),
}

# The parts of a day: from which hour until which (25 and more: of the next day), and their words.
# They are wide on purpose: an arrest at three is told as "this morning".
PARTS: tuple[tuple[int, int], ...] = ((0, 12), (11, 14), (12, 18), (15, 22), (18, 30))
PART_NAMES: Mapping[str, tuple[str, ...]] = {
    "en": ("morning", "noon", "afternoon", "evening", "night"),
    "km": ("ព្រឹក", "ថ្ងៃត្រង់", "រសៀល", "ល្ងាច", "យប់"),
}
MORNING, NOON, AFTERNOON, EVENING, NIGHT = range(5)

# The thirds of a month (from, until day) and of a year (from, until month).
THIRDS_OF_MONTH: tuple[tuple[int, int], ...] = ((1, 10), (11, 20), (21, 31))
THIRDS_OF_YEAR: tuple[tuple[int, int], ...] = ((1, 4), (5, 8), (9, 12))
THIRD_NAMES: Mapping[str, tuple[str, ...]] = {
    "en": ("early", "mid", "late"),
    "km": ("ដើម", "ពាក់កណ្តាល", "ចុង"),
}

# A Khmer letter gives the lunar date first and then says "which corresponds to" the solar one.
CORRESPONDS_TO = ("ត្រូវនឹង", "ត្រូវនិង")

# The Buddhist era, before or after the year.
ERA = r"(?:ព\.?\s?ស\.?|ពុទ្ធសករាជ|b\.?\s?e(?:\.|(?![a-z])))"

# Every word the reader knows. A letter says what the word is, a number which one; a word that says
# two things ("last night") has two letters and two numbers. The letters:
#   m month      w weekday          o Sunday or week       p part of the day    q early, mid, late
#   e a count    r day from today   A day                  B week               M month
#   Y year       g ago              l last                 c this               a about
#   u not known  f from             - to                   | or                 , comma
#   h at hour    H hours            x half past            v minutes
#   N now        . nothing by itself
WORDS: tuple[tuple[str, tuple[int, ...], str], ...] = (
    ("m", (1,), "jan|មករា"),
    ("m", (2,), "feb|កុម្ភៈ|កុម្ភះ|កុម្ភ:|កុម្ភ|គុម្ភៈ|គុម្ភះ|គុម្ភ:"),
    ("m", (3,), "mar|មីនា|មិនា"),
    ("m", (4,), "apr|មេសា"),
    ("m", (5,), "ឧសភា|ឩសភា"),
    ("m", (6,), "jun|មិថុនា|មីថុនា"),
    ("m", (7,), "jul|កក្កដា|កក្កដ|កក្តដា"),
    ("m", (8,), "aug|សីហា|សិហា"),
    ("m", (9,), "sep|sept|កញ្ញា"),
    ("m", (10,), "oct|តុលា"),
    ("m", (11,), "nov|វិច្ឆិកា|វិច្ឆកា|វិច្ចិកា"),
    ("m", (12,), "dec|ធ្នូ|ធ្នូរ"),
    ("w", (0,), "mon|ចន្ទ|ច័ន្ទ|ចន្ទ័"),
    ("w", (1,), "tue|tues|អង្គារ|អង្គា|អង្ការ"),
    ("w", (2,), "wed|ពុធ"),
    ("w", (3,), "thu|thur|thurs|ព្រហស្បតិ៍|ព្រហស្បតិ|ព្រហស្បត្តិ៍|ព្រហស្បត្តិ|ព្រហ"),
    ("w", (4,), "fri|សុក្រ"),
    ("w", (5,), "sat|សៅរ៍|សៅរ"),
    ("w", (6,), "sun|ថ្ងៃអាទិត្យ"),
    ("o", (6,), "អាទិត្យ"),
    ("p", (MORNING,), "morning|early morning|dawn|ព្រឹក|ព្រឹកព្រលឹម|ព្រលឹម|ទៀបភ្លឺ"),
    ("p", (NOON,), "noon|midday|ថ្ងៃត្រង់"),
    ("p", (AFTERNOON,), "afternoon|រសៀល"),
    ("p", (EVENING,), "evening|ល្ងាច"),
    ("p", (NIGHT,), "night|យប់"),
    ("q", (0,), "early|early-|beginning|start|ដើម"),
    ("q", (1,), "mid|mid-|middle|ពាក់កណ្តាល|កណ្តាល"),
    ("q", (2,), "late|late-|end|ចុង"),
    ("r", (0,), "today|ថ្ងៃនេះ"),
    ("r", (-1,), "yesterday|ម្សិលមិញ|ម្សិលម៉ិញ|ម្សិល"),
    ("r", (-2,), "day before yesterday|ម្សិលម្ង៉ៃ|ម្សិលម៉្ងៃ"),
    ("r", (1,), "tomorrow|ថ្ងៃស្អែក|ស្អែក"),
    ("r", (2,), "day after tomorrow|ខានស្អែក|ថ្ងៃខានស្អែក"),
    ("rp", (0, MORNING), "this morning|ព្រឹកនេះ|ព្រឹកមិញ"),
    ("rp", (0, NOON), "ថ្ងៃត្រង់នេះ"),
    ("rp", (0, AFTERNOON), "this afternoon|រសៀលនេះ"),
    ("rp", (0, EVENING), "this evening|ល្ងាចនេះ"),
    ("rp", (0, NIGHT), "tonight|យប់នេះ"),
    ("rp", (-1, EVENING), "last evening|ល្ងាចមិញ"),
    ("rp", (-1, NIGHT), "last night|យប់មិញ"),
    ("e", (1,), "a|an|one|មួយ"),
    ("e", (2,), "two|ពីរ"),
    ("e", (3,), "three|បី"),
    ("e", (4,), "four|បួន"),
    ("e", (5,), "five|ប្រាំ"),
    ("e", (6,), "six|ប្រាំមួយ"),
    ("e", (7,), "seven|ប្រាំពីរ"),
    ("e", (8,), "eight|ប្រាំបី"),
    ("e", (9,), "nine|ប្រាំបួន"),
    ("e", (10,), "ten|ដប់"),
    ("ev", (30, 0), "half an hour|half hour|កន្លះម៉ោង"),
    ("A", (0,), "day|days|ថ្ងៃ|ថ្ងៃទី|ទី"),
    ("B", (0,), "week|weeks|សប្តាហ៍"),
    ("M", (0,), "month|months|ខែ"),
    ("Y", (0,), "year|years|ឆ្នាំ"),
    ("N", (0,), "now|just now|right now|a moment ago|ឥឡូវ|ឥឡូវនេះ|អម្បាញ់មិញ"),
    ("g", (0,), "ago|មុន"),
    ("l", (0,), "last"),
    ("c", (0,), "this|នេះ"),
    ("a", (0,), "about|around|approx|approximately|circa|ca|c|roughly|~"),
    ("a", (0,), "believed to be|believed|probably|possibly|perhaps|maybe|estimated|est"),
    ("a", (0,), "ប្រហែលជា|ប្រហែល|ប្រមាណជា|ប្រមាណ|ក្នុងអំឡុង|អំឡុង|ម្តុំ"),
    (
        "u",
        (0,),
        "unknown|no date|not known|not yet known|not known yet|do not know|don't know|dont know",
    ),
    ("u", (0,), "n/a|មិនដឹង|មិនទាន់ដឹង|អត់ដឹង|មិនស្គាល់|មិនច្បាស់|មិនចាំ"),
    ("f", (0,), "from|between|ពី|ចាប់ពី|ចន្លោះ|ចន្លោះពី"),
    ("-", (0,), "-|to|until|till|through|ដល់|រហូតដល់"),
    ("|", (0,), "or|and|&|ឬ|ឬក៏|និង"),
    (",", (0,), ","),
    ("h", (0,), "at|ម៉ោង"),
    ("H", (0,), "hour|hours|hr|hrs"),
    ("x", (0,), "កន្លះ"),
    ("v", (0,), "minute|minutes|min|mins|នាទី"),
    (".", (0,), "on|in|of|the|date|dated|during|ce|ad|គ.ស.|គ.ស|គ្រិស្តសករាជ"),
    (".", (0,), "នៅ|កាលពី|កាល|នា|ក្នុង|នៃ|ពេល|វេលា|កាលបរិច្ឆេទ"),
)
