"""The sentences of WTForms that a person may read, named here so that they are translated too."""

from hrdtracker.core.errors import N_

OF_WTFORMS = (
    N_("This field is required."),
    N_("Not a valid choice."),
    N_("Invalid Choice: could not coerce."),
    N_("Field cannot be longer than %(max)d character."),
    N_("Field cannot be longer than %(max)d characters."),
)
