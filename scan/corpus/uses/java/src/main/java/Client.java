class Client {
  static final String URL = "https://dev.azure.com/northwind/_apis/projects";
  String header(String pat) {
    return "Basic " + Base64.getEncoder().encodeToString((":" + pat).getBytes(StandardCharsets.UTF_8));
  }
}
