using System.Net.Http.Headers;

public class Client(HttpClient http, string personalAccessToken)
{
    public void SignIn()
    {
        http.BaseAddress = new Uri("https://dev.azure.com/contoso/");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($":{personalAccessToken}")));
    }
}
