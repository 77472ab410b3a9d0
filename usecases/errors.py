"""What a use case refuses, in words for the log; what the person reads is chosen by the view."""


class UseCaseError(Exception):
    """The request cannot be carried out."""


class NotYoursError(UseCaseError):
    """The button belongs to another person, or to something that is gone."""
