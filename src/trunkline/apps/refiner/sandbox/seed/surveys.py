"""The surveys and segments that every sandbox starts with."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from trunkline.apps.refiner.sandbox import times, uuids
from trunkline.apps.refiner.sandbox.store.database import Database, encoded
from trunkline.apps.refiner.sandbox.store.forms import Config, Question, remember
from trunkline.apps.refiner.sandbox.store.membership import ALL_USERS, Rule

from . import stock

State = Literal["published", "draft", "archived"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey to begin with."""

    name: str
    state: State
    config: Config


def _question(
    identifier: str, kind: str, text: str, options: tuple[str, ...] = ()
) -> Question:
    return Question(
        id=identifier,
        identifier=identifier,
        type=kind,
        text=text,
        required=kind in {"nps", "csat", "rating"},
        options=list(options),
    )


NPS = Survey(
    name="Quarterly NPS",
    state="published",
    config=Config(
        channels=["web", "mobile"],
        form_elements=[
            _question("nps", "nps", "How likely are you to recommend us?"),
            _question("reason", "text", "What is the main reason for your score?"),
        ],
    ),
)
CSAT = Survey(
    name="Support CSAT",
    state="published",
    config=Config(
        channels=["web", "link"],
        form_elements=[
            _question("csat", "csat", "How satisfied are you with our support?"),
            _question("comment", "text", "Is there anything we should know?"),
        ],
    ),
)
FEATURES = Survey(
    name="Feature feedback",
    state="published",
    config=Config(
        channels=["link"],
        form_elements=[
            _question("rating", "rating", "How do you rate the product?"),
            _question(
                "favourite_features",
                "multiple_choice",
                "Which features do you use most?",
                stock.FEATURES,
            ),
        ],
    ),
)
ONBOARDING = Survey(
    name="Onboarding check-in",
    state="draft",
    config=Config(
        channels=["web"],
        form_elements=[
            _question(
                "role",
                "single_choice",
                "Which of these describes you best?",
                stock.JOB_TITLES,
            ),
        ],
    ),
)
CHURN = Survey(
    name="Cancellation reasons",
    state="archived",
    config=Config(
        channels=["link"],
        form_elements=[
            _question("why_did_you_cancel", "text", "Why did you cancel?"),
        ],
    ),
)
SURVEYS = (NPS, CSAT, FEATURES, ONBOARDING, CHURN)

SEGMENTS: tuple[tuple[str, Rule | None], ...] = (
    (ALL_USERS, Rule()),
    ("Promoters", Rule("nps", "at_least", "9")),
    ("Detractors", Rule("nps", "at_most", "6")),
    ("Enterprise customers", Rule("plan", "is", "enterprise")),
    ("Beta testers", None),
    ("Newsletter readers", None),
    ("Customer advisory board", None),
)

HISTORY_DAYS = 400


def plant_surveys(database: Database, until: datetime, sequence: int) -> None:
    """Project, surveys and segments, with uuids that depend on the seed alone."""
    created = until - timedelta(days=HISTORY_DAYS)
    numbers = itertools.count()

    def uuid() -> str:
        return uuids.invented(created, next(numbers), sequence)

    database.insert("project", uuid=uuid(), name="Production")
    for survey in SURVEYS:
        _plant_survey(database, survey, times.iso(created), (uuid(), uuid()))
    for name, rule in SEGMENTS:
        written = None if rule is None else encoded(rule)
        database.insert("segments", uuid=uuid(), name=name, rule=written)


def _plant_survey(
    database: Database, survey: Survey, at: str, names: tuple[str, str]
) -> None:
    form_id = database.insert(
        "forms",
        uuid=names[0],
        name=survey.name,
        published_at=at if survey.state != "draft" else None,
        archived_at=at if survey.state == "archived" else None,
        created_at=at,
        updated_at=at,
        config=encoded(survey.config),
    )
    remember(database, form_id, "create", uuid=names[1], at=at)
