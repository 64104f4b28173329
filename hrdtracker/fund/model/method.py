"""In which ways money of the fund reaches who is paid."""

from enum import StrEnum


class PaymentMethod(StrEnum):
    """How money reaches who is paid."""

    VENDOR = "vendor"
    BANK = "bank"
    MOBILE_MONEY = "mobile_money"
    CASH = "cash"
