"""Where many bundles become one text or number."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from trunkline.apps.tools.text import as_text
from trunkline.apps.tools.toolbox import app
from trunkline.sdk import Input, Output

Text = Annotated[str, BeforeValidator(as_text)]
Separator = Annotated[
    str, Field(title="Row separator", description="What stands between two rows.")
]


class TextAggregator(Input):
    """The text of each bundle."""

    value: Text = Field(title="Text")
    row_separator: Separator = ""


class TableAggregator(Input):
    """The cells of each bundle's row."""

    columns: list[Text] = Field(
        title="Columns", description="Map the cells of a row, in their order."
    )
    column_separator: str = Field(default="\t", title="Column separator")
    row_separator: Separator = "\n"


class NumericAggregator(Input):
    """The number of each bundle, and what is made of all."""

    value: Decimal = Field(title="Value")
    fn: Literal["sum", "avg", "count", "max", "min"] = Field(
        default="sum", title="Aggregate function"
    )


class Joined(Output):
    """The text as it became."""

    text: str = Field(title="Text")


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


# As a number: what is added to a text would be put behind it.
Number = Annotated[Decimal, PlainSerializer(_plain, when_used="json-unless-none")]


class Reckoned(Output):
    """The number as it became; an average, maximum or minimum of nothing is none."""

    result: Number | None = Field(title="Result")


@app.aggregator("Text aggregator")
async def text_aggregator(
    items: AsyncIterator[TextAggregator], fields: TextAggregator
) -> Joined:
    """Makes one text of all bundles."""
    return Joined(text=fields.row_separator.join([one.value async for one in items]))


@app.aggregator("Table aggregator")
async def table_aggregator(
    items: AsyncIterator[TableAggregator], fields: TableAggregator
) -> Joined:
    """Makes a table of all bundles, as a text with a row for each."""
    rows = [fields.column_separator.join(one.columns) async for one in items]
    return Joined(text=fields.row_separator.join(rows))


@app.aggregator("Numeric aggregator")
async def numeric_aggregator(
    items: AsyncIterator[NumericAggregator], fields: NumericAggregator
) -> Reckoned:
    """Makes one number of all bundles."""
    reckoning = Reckoning()
    async for one in items:
        reckoning.take(one.value)
    return Reckoned(result=reckoning.result(fields.fn))


@dataclass(slots=True)
class Reckoning:
    """What is known of numbers that came by; none of them is kept."""

    count: int = 0
    total: Decimal = Decimal()
    least: Decimal | None = None
    most: Decimal | None = None

    def take(self, value: Decimal) -> None:
        self.count += 1
        self.total += value
        self.least = value if self.least is None else min(self.least, value)
        self.most = value if self.most is None else max(self.most, value)

    def result(self, fn: str) -> Decimal | None:
        """What a function makes of them."""
        match fn:
            case "sum":
                return self.total
            case "count":
                return Decimal(self.count)
            case "avg":
                return self.total / self.count if self.count else None
            case "min":
                return self.least
        return self.most
