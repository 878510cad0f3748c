using Microsoft.VisualStudio.Services.Common;
using Microsoft.VisualStudio.Services.WebApi;

namespace Contoso.Tools;

public static class Connect
{
    public static VssConnection To(string pat) =>
        new(new Uri("https://dev.azure.com/contoso"), new VssBasicCredential(string.Empty, pat));
}
