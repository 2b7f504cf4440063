"""Compares new deliveries with what their parties delivered before."""

from dagster_project.quality.drift.record import record_delivery_drift

__all__ = ["record_delivery_drift"]
