GRANT UPDATE (matter_id) ON hub.open_plan TO hub_app;
