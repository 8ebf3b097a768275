"""The words that invented people, companies and comments are made of."""

FIRST_NAMES = (
    "Ada", "Amir", "Anika", "Bela", "Carla", "Chen", "Dario", "Elif", "Emeka", "Femi",
    "Freya", "Goran", "Hana", "Ines", "Ivo", "Jonas", "Kaito", "Lea", "Lucia", "Mads",
    "Mina", "Nadia", "Noor", "Olga", "Omar", "Paula", "Quentin", "Rosa", "Sami", "Tara",
    "Uma", "Viktor", "Wanda", "Ximena", "Yara", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Adler", "Bianchi", "Castro", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad",
    "Ivanova", "Jansen", "Kowalski", "Lindgren", "Moreau", "Novak", "Okafor", "Petrov",
    "Quispe", "Rossi", "Silva", "Tanaka", "Ueda", "Varga", "Weber", "Yilmaz", "Zhang",
)  # fmt: skip
COMPANY_FRONTS = (
    "Amber", "Birch", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Harbor",
    "Indigo", "Juniper", "Kestrel", "Lumen", "Maple", "Nimbus", "Orchid", "Pioneer",
    "Quartz",
)  # fmt: skip
COMPANY_BACKS = (
    "Analytics",
    "Foods",
    "Labs",
    "Logistics",
    "Media",
    "Robotics",
    "Works",
)
INDUSTRIES = ("Software", "Retail", "Education", "Finance", "Health care", "Logistics")
JOB_TITLES = (
    "Engineer",
    "Product manager",
    "Designer",
    "Support lead",
    "Head of sales",
    "Data analyst",
    "Founder",
)
COUNTRIES = ("DE", "FR", "US", "GB", "NL", "ES", "PL", "SE", "BR", "JP", "IN", "CA")
LANGUAGES = ("en", "en", "en", "de", "fr", "es", "pt", "ja")
PLANS = ("free", "free", "free", "starter", "starter", "pro", "pro", "enterprise")
FEATURES = ("Reports", "Dashboards", "Exports", "API", "Alerts", "Mobile app")

PRAISE = (
    "Fast support, every single time.",
    "It just works and the team loves it.",
    "Setup took ten minutes. Impressive.",
    "The new dashboard saves me hours each week.",
    "Great value, and you really listen to feedback.",
    "Reliable, clear, and nicely documented.",
    "Our onboarding time was cut in half.",
    "Best tool of its kind that we have tried.",
)
SHRUGS = (
    "Does what it should, nothing more.",
    "Good, but the mobile app needs work.",
    "Exports are a bit slow on large accounts.",
    "I like it; pricing could be simpler.",
    "Solid product, the reports feel dated though.",
    "Would be a 9 with single sign-on.",
    "Fine for now. We miss a few integrations.",
)
COMPLAINTS = (
    "Too many clicks for simple things.",
    "Support took four days to answer.",
    "It crashed twice during our quarterly review.",
    "The last update broke our import.",
    "Far too expensive for a small team.",
    "I could not find how to cancel.",
    "Slow, and the search finds nothing.",
    "Missing translations; half of it is in English: «très gênant».",
)
COMMENTS = (COMPLAINTS, SHRUGS, PRAISE)

# NPS scores as often as they come up: about 45 % promoters, 32 % passives.
NPS_SCORES = (
    0,
    1,
    2,
    3,
    4,
    5,
    5,
    6,
    6,
    6,
    *(7,) * 6,
    *(8,) * 8,
    *(9,) * 10,
    *(10,) * 10,
)
CSAT_SCORES = (-2, -1, -1, 0, 0, *(1,) * 7, *(2,) * 6)
RATINGS = (1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5)
