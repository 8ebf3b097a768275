"""Operations on surveys (refiner-api 3.12 to 3.16)."""

from trunkline.apps.refiner.sandbox.store import forms

from .lists import sliced
from .operation import Answer, Call


def listed(call: Call) -> Answer:
    """`GET /forms`, by name."""
    items = forms.listed(
        call.database,
        call.parameters.text("list") or "all",
        info=call.parameters.flag("include_info", default=False),
        config=call.parameters.flag("include_config", default=False),
    )
    return sliced(items, call.paging)


def publish(call: Call) -> Answer:
    """`POST /forms/publish`: with `published=0` it takes the survey down."""
    published = call.parameters.flag("published", default=True)
    with call.database.transaction():
        form = forms.by_uuid(call.database, call.parameters.required("form_uuid"))
        forms.publish(call.database, form, published=published)
    done = "published" if published else "unpublished"
    return {"message": f"Your form was {done} successfully."}


def duplicate(call: Call) -> Answer:
    """`POST /forms/duplicate`: the copy is a draft."""
    name = call.parameters.required("name")
    with call.database.transaction():
        form = forms.by_uuid(call.database, call.parameters.required("form_uuid"))
        uuid = forms.create(call.database, name, forms.config_of(form))
    return {"message": "ok", "source_form_uuid": form["uuid"], "new_form_uuid": uuid}


def archive(call: Call) -> Answer:
    """`DELETE /forms`: responses stay."""
    with call.database.transaction():
        form = forms.by_uuid(call.database, call.parameters.required("form_uuid"))
        forms.archive(call.database, form)
    return {"message": "Your form was archived successfully."}


def history(call: Call) -> Answer:
    """`GET /forms/history`."""
    form = forms.by_uuid(call.database, call.parameters.required("form_uuid"))
    return sliced(forms.history(call.database, form), call.paging)
