"""The attack on the open release: what a reader can work out from it alone. It shares nothing with disclosure."""

from dagster_project.disclosure_attack.attack import AttackReport, attack
from dagster_project.disclosure_attack.findings import Finding

__all__ = ["AttackReport", "Finding", "attack"]
