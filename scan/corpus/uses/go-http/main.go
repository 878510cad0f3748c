package main
func get() {
	req, _ := http.NewRequest("GET", "https://dev.azure.com/northwind/_apis/projects", nil)
	req.SetBasicAuth("", os.Getenv("AZDO_PAT"))
}
