using Hermes.Core;
using Hermes.Core.Configuration;
using Hermes.Core.Memory;
using Hermes.Core.Sessions;
using Hermes.Core.Skills;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddHermes(options => options.Home = args.FirstOrDefault() ?? options.Home);

using var host = builder.Build();
var home = host.Services.GetRequiredService<HermesHome>();
if (!Directory.Exists(home.Path))
{
    Console.Error.WriteLine($"There is no folder {home}. Name a home: dotnet run --project samples/ReadAHome -- ~/.hermes");
    return 1;
}

Console.WriteLine($"Home: {home}");
await PrintSessionsAsync(host.Services.GetRequiredService<SessionStore>());
await PrintMemoryAsync(host.Services.GetRequiredService<MemoryReader>());
await PrintSkillsAsync(host.Services.GetRequiredService<SkillCatalog>());
PrintConfig(host.Services.GetRequiredService<SafeConfig>());
return 0;

static async Task PrintSessionsAsync(SessionStore store)
{
    var page = await store.ListAsync(new SessionQuery { Limit = 10 });
    Console.WriteLine($"\nSessions: {page.Items.Count} of {page.Total}");
    foreach (var session in page.Items)
        Console.WriteLine($"  {session.StartedAt:u}  {session.MessageCount,5} messages  {session.Title ?? session.Preview}");
}

static async Task PrintMemoryAsync(MemoryReader reader)
{
    var snapshot = await reader.ReadAsync();
    foreach (var document in new[] { snapshot.Memory, snapshot.User })
    {
        Console.WriteLine($"\n{document.FileName}: {document.Length} of {document.Limit} characters");
        foreach (var entry in document.Entries)
            Console.WriteLine($"  - {entry.ReplaceLineEndings(" ")}");
    }
}

static async Task PrintSkillsAsync(SkillCatalog catalog)
{
    foreach (var category in (await catalog.ListAsync()).GroupBy(skill => skill.Category).OrderBy(category => category.Key, StringComparer.Ordinal))
    {
        Console.WriteLine($"\nSkills, {(category.Key.Length > 0 ? category.Key : "without a category")}");
        foreach (var skill in category)
            Console.WriteLine($"  {(skill.Enabled ? ' ' : '-')}{skill.Name}: {skill.Problem ?? skill.Description.ReplaceLineEndings(" ")}");
    }
}

static void PrintConfig(SafeConfig config)
{
    Console.WriteLine("\nConfiguration, without its secrets");
    foreach (var section in config.Read().EnumerateObject())
        Console.WriteLine($"  {section.Name}: {section.Value}");
}
