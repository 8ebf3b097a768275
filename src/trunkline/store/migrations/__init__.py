"""How an older folder becomes one of this version; loaded only where there is one."""
