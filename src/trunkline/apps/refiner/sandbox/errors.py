"""What the sandbox refuses: to start, for want of a thing, for a wrong input."""


class SandboxError(Exception):
    """The sandbox cannot run; the text says why and what to do."""


class NotThereError(Exception):
    """No such contact, survey, segment or response."""

    def __init__(self, noun: str) -> None:
        super().__init__(f"{noun} not found")


class WrongInputError(Exception):
    """A parameter is missing or cannot be read."""

    def __init__(self, parameter: str, sentence: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter
        self.sentence = sentence
