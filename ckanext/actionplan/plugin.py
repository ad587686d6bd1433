"""Wires the layers of the extension into CKAN; holds no logic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation

from . import subscriptions
from .logic import amending, derive, facts, index, names

if TYPE_CHECKING:
    from ckan import model
    from ckan.common import CKANConfig
    from ckan.types import Context


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.helpers
@tk.blanket.validators
class ActionPlanPlugin(  # pyright: ignore[reportIncompatibleMethodOverride] - CKAN's
    DefaultTranslation,
    p.IConfigurer,
    p.IOrganizationController,
    p.IPackageController,
    p.ISignal,
    p.ITranslation,
    p.SingletonPlugin,
):
    """Action plans, obligations and compliance pages."""

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add templates and assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "actionplan")

    # ISignal

    def get_signal_subscriptions(self) -> Any:
        """Subscribe to CKAN's signals."""
        return subscriptions.get_subscriptions()

    # IOrganizationController; IPackageController calls its own by the same names

    def create(self, entity: model.Group | model.Package) -> None:
        """Remember an organization's name in its own transaction."""
        names.saved(entity)

    def edit(self, entity: model.Group | model.Package) -> None:
        """Remember an organization's name, and the one it had."""
        names.saved(entity)

    # IPackageController

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Write derived rows in the dataset's own transaction."""
        derive.package_saved(context, pkg_dict)
        facts.package_saved(pkg_dict)

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Write derived rows in the dataset's own transaction."""
        amending.hand_over(context, pkg_dict["id"])
        derive.package_saved(context, pkg_dict)
        facts.package_saved(pkg_dict)

    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Bring the sums of publishers up to date."""
        derive.package_deleted(context, pkg_dict)
        facts.package_deleted(pkg_dict)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Keep long task texts out of Solr's string fields."""
        return index.document(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Leave plans out of searches that do not ask for them (decision 1)."""
        return index.search(search_params)
