"""What an app author finds in the SDK."""

import inspect

from trunkline import errors, sdk


def test_all_names_are_there_and_said_once() -> None:
    assert len(sdk.__all__) == len(set(sdk.__all__))
    assert all(hasattr(sdk, name) for name in sdk.__all__)


def test_every_error_a_module_may_raise_is_there_under_its_own_name() -> None:
    own = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.ModuleError)
    }
    assert own - {"BudgetError"} <= set(sdk.__all__)


def test_every_class_says_what_it_is() -> None:
    silent = [
        name
        for name in sdk.__all__
        if inspect.isclass(value := getattr(sdk, name)) and not value.__doc__
    ]
    assert silent == []
