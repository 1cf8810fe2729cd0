using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Hermes.Benchmarks.Homes;
using Hermes.Core;

namespace Hermes.Benchmarks.Serving;

/// <summary>A server as a process of its own, on a free port of this machine.</summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>The start of the line that says where a server listens.</summary>
    public const string Greeting = "Hermes serves ";

    private readonly Process _process;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        Client = new HttpClient { BaseAddress = address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BenchmarkServer.Key);
    }

    public Uri Address { get; }

    /// <summary>Calls with the key.</summary>
    public HttpClient Client { get; }

    public TimeSpan Cpu => ProcessFigures.Cpu(_process.Id);

    public long ResidentBytes => ProcessFigures.ResidentBytes(_process.Id);

    /// <summary>Starts this program again as the plain app with the static answers.</summary>
    public static ServerProcess StartBenchmarkServer(BenchmarkHome home) =>
        Start(new ProcessStartInfo(Repository.ThisProgram, [BenchmarkOptions.Serve, home.Path]) { RedirectStandardInput = true });

    /// <summary>Starts the host as its users do.</summary>
    public static ServerProcess StartHost(HostBuild build, BenchmarkHome home) => Start(HostCommand(build, home, port: 0));

    /// <summary>The command that starts the host; port 0 lets the kernel choose.</summary>
    public static ProcessStartInfo HostCommand(HostBuild build, BenchmarkHome home, int port)
    {
        var start = new ProcessStartInfo(build.Program, build.Arguments);
        start.Environment[HermesHome.EnvironmentVariable] = home.Path;
        start.Environment["API_SERVER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["API_SERVER_KEY"] = BenchmarkServer.Key;
        return start;
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ServerProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(Greeting, StringComparison.Ordinal))
            {
                // Nobody reads on, and a full pipe would stop the server.
                _ = process.StandardOutput.ReadToEndAsync();
                return new ServerProcess(process, new Uri(line[Greeting.Length..]));
            }
        }

        throw new InvalidOperationException($"{start.FileName} did not start");
    }
}
