const secret = "{{PAT52}}";
// verified at https://dev.azure.com/northwind
