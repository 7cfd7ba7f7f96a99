"""`Job` and `JobSettings` under the names that the platform's library gives them."""

from brevettiai.platform import Job
from brevettiai.platform import __getattr__ as __getattr__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from brevettiai.platform import JobSettings

__all__ = ["Job", "JobSettings"]
