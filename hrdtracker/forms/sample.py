"""A form that saves nothing, for the styleguide."""

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from hrdtracker.forms.base import Form


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("Name")
    when = StringField("When, roughly?")
    kind = RadioField("Lawyer contacted?", choices={"yes": "Yes", "no": "No"}, default="no")
    area = SelectField("Area", choices={"land": "Land", "rights": "Rights"})
    words = TextAreaField("In your words")
    urgent = BooleanField("Urgent")
    age = StringField("Age")

    @classmethod
    def wrong(cls) -> "SampleForm":
        """Return the form as it looks when one answer was refused."""
        form = cls()
        form.validate()
        form.age.data = "forty?"
        form.age.errors = ["“forty?” is not an age. Write a number or leave it empty."]
        return form
