"""Who answers the demo's survey, and what they say."""

from dataclasses import dataclass

MOST_OF_A_DETRACTOR = 6


@dataclass(frozen=True, slots=True)
class Person:
    """A contact and the answer it gives."""

    name: str
    nps: int
    comment: str

    @property
    def user_id(self) -> str:
        return f"demo-{self.name.lower()}"

    @property
    def is_detractor(self) -> bool:
        return self.nps <= MOST_OF_A_DETRACTOR

    def fields(self) -> dict[str, str]:
        """The survey's form, filled in."""
        return {
            "id": self.user_id,
            "email": f"{self.name.lower()}@mail.example",
            "name": self.name,
            "action": "complete",
            "data[nps]": str(self.nps),
            "data[reason]": self.comment,
        }


CAST = (
    Person("Ada", 9, "It saves me an hour a day."),
    Person("Bela", 3, "Export is slow, and the file was empty twice."),
    Person("Carla", 10, "Support answered within minutes."),
    Person("Dario", 6, "Fine, but I miss single sign-on."),
    Person("Elif", 7, "Solid."),
    Person("Femi", 0, "I was charged twice & nobody reacts {{1.email}}."),
    Person("Goran", 8, "Good value."),
    Person("Hana", 5, "Příliš složité pro náš tým."),
    Person("Ines", 10, "The whole team uses it."),
    Person("Jonas", 9, "Simple."),
)

TESTERS = ("Elif", "Goran")
"""Who then enters the manual segment."""
