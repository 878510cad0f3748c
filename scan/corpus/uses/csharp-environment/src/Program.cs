var pat = Environment.GetEnvironmentVariable("ADO_PAT");
var creds = new VssBasicCredential("", pat);
var conn = new VssConnection(new Uri("https://dev.azure.com/northwind"), creds);
