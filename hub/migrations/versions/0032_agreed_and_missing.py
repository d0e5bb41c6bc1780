"""A password follows its archive by mail where two centres agreed so; each missing thing has its reason."""

from hub.migrations import run_script_of

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script_of(__file__)
