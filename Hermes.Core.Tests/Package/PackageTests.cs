using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Package;

/// <summary>The package as its users get it: packed, and built against by an application that knows nothing of this repository.</summary>
public class PackageTests
{
    // The version that came with the first SDK of .NET 10.
    private const string LowestOpenApi = "10.0.0";

    [Fact]
    public async Task Package_NewApplication_BuildsAndServes()
    {
        using var folder = new TemporaryHome();
        var packages = Path.Join(folder.Path, "packages");
        foreach (var project in (string[])["Hermes.Core", "Hermes.Providers", "Hermes.Testing"])
        {
            await DotnetAsync(Repository.Root, "pack", project, "-c", "Release", "-o", packages, "-p:Version=9.9.9-test",
                "--artifacts-path", Path.Join(folder.Path, "artifacts"));
        }

        AssertContents(Path.Join(packages, "Hermes.Core.9.9.9-test.nupkg"), Path.Join(packages, "Hermes.Core.9.9.9-test.snupkg"));

        folder.Write("app/app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Hermes.Core" Version="9.9.9-test" />
                <PackageReference Include="Hermes.Providers" Version="9.9.9-test" />
                <PackageReference Include="Hermes.Testing" Version="9.9.9-test" />
              </ItemGroup>
            </Project>
            """);
        folder.Write("app/Directory.Build.props", "<Project />").Write("app/Directory.Packages.props", "<Project />");
        folder.Write("app/Program.cs", """
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddOpenApi();
            using var home = new Hermes.Testing.TemporaryHome();
            builder.Services.AddHermes(o => o.Home = home.Path).AddOpenApiDocument();
            builder.Services.AddHermesChatClient();
            var app = builder.Build();
            app.MapHermesApi();
            app.MapOpenApi();
            app.MapGet("/mine", () => "mine");
            app.Urls.Add("http://127.0.0.1:0");
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            var sessions = await client.GetStringAsync("/api/sessions");
            using var chat = await client.PostAsJsonAsync("/v1/chat/completions", new { messages = new[] { new { role = "user", content = "hello there" } } });
            Console.WriteLine($"{sessions}|{await chat.Content.ReadAsStringAsync()}|{await client.GetStringAsync("/openapi/hermes.json")}|||{await client.GetStringAsync("/openapi/v1.json")}");
            await app.StopAsync();
            """);
        var app = Path.Join(folder.Path, "app");

        // A folder of its own for restored packages, so that the test's package never mixes with the machine's.
        await DotnetAsync(app, "restore", "--packages", Path.Join(folder.Path, "restored"), $"-p:RestoreAdditionalProjectSources={packages}");
        await DotnetAsync(app, "build", "--no-restore");
        var output = await DotnetAsync(app, "run", "--no-build");
        var ownDocument = output.Split("|||")[1];

        Assert.Contains("You said: hello there", output, StringComparison.Ordinal);
        Assert.Contains("\"items\":[]", output, StringComparison.Ordinal);
        Assert.Contains("Lists conversations, newest first.", output, StringComparison.Ordinal);
        Assert.Contains("/mine", ownDocument, StringComparison.Ordinal);
        Assert.DoesNotContain("/api/sessions", ownDocument, StringComparison.Ordinal);

        // As `dotnet new webapi` writes it: with a version of its own of a package that the library uses as well.
        folder.Write("app/app.csproj", (await File.ReadAllTextAsync(Path.Join(app, "app.csproj"))).Replace(
            "</ItemGroup>", $"""<PackageReference Include="Microsoft.AspNetCore.OpenApi" Version="{LowestOpenApi}" /></ItemGroup>""", StringComparison.Ordinal));
        await DotnetAsync(app, "restore", "--packages", Path.Join(folder.Path, "restored"), $"-p:RestoreAdditionalProjectSources={packages}");
        await DotnetAsync(app, "build", "--no-restore");
    }

    private static void AssertContents(string package, string symbols)
    {
        using var archive = ZipFile.OpenRead(package);
        var names = archive.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains("README.md", names);
        Assert.Contains("lib/net10.0/Hermes.Core.dll", names);
        Assert.Contains("lib/net10.0/Hermes.Core.xml", names);
        using var stream = archive.GetEntry("Hermes.Core.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.NotEmpty(Value("tags"));
        Assert.NotEmpty(Value("description"));
        using var symbolArchive = ZipFile.OpenRead(symbols);
        Assert.Contains("lib/net10.0/Hermes.Core.pdb", symbolArchive.Entries.Select(entry => entry.FullName));
    }

    private static async Task<string> DotnetAsync(string workingDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";

        // Set by the test runner for itself; the SDK would take them for its own.
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {await output}{await errors}");
        return await output;
    }
}
