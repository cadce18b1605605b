"""What ends the lean way."""


class NotPlain(Exception):
    """The request, or its answer, is boto3's to handle; it never leaves this folder."""
