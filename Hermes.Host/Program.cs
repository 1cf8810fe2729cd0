using System.Text;
using Hermes.Core.Http.Endpoints;
using Hermes.Host;
using Hermes.Host.Chat;

try
{
    var asked = CommandLine.Parse(args);
    if (asked.Print is { } text)
    {
        await Console.Out.WriteLineAsync(text);
        return 0;
    }

    using var demo = asked.IsDemo ? new DemoHome() : null;
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
    {
        Args = asked.Settings,

        // appsettings.json lies beside the program, wherever that is started from.
        ContentRootPath = AppContext.BaseDirectory,
    });
    HostSettings.RefuseUnknown(builder.Configuration);
    builder.AddReferenceSettings(demo?.Path);

    // A header with other bytes than UTF-8 is for the API to answer: the server's own 400 has no body. Only the session's id is text.
    builder.WebHost.ConfigureKestrel(server => server.RequestHeaderEncodingSelector = name =>
        name.Equals(TurnHeaders.SessionId, StringComparison.OrdinalIgnoreCase) ? null : Encoding.Latin1);
    builder.Services.AddHermes().AddOpenApiDocument();
    builder.Services.AddConfiguredChatClient(builder.Configuration);
    builder.Services.AddHostedService<StartupReport>();

    await using var app = builder.Build();
    app.MapHermesApi();
    app.MapHermesNotFound();
    app.MapOpenApi("/openapi/{documentName}.json");
    if (demo is not null)
    {
        await DemoHome.FillAsync(app.Services);
    }

    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return 1;
}
