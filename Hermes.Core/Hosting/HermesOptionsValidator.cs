using Hermes.Core.Chat;
using Hermes.Core.Configuration;
using Hermes.Core.Http.Security;
using Hermes.Core.IO;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Hosting;

/// <summary>Refuses options that cannot work, at start, with the line that mends each.</summary>
internal sealed class HermesOptionsValidator : IValidateOptions<HermesOptions>
{
    // A few sentences: a piece of the stream counts with 128 bytes and its text.
    private const long MinRunBytes = 16 * 1024;

    public ValidateOptionsResult Validate(string? name, HermesOptions options)
    {
        var failures = new List<string>();
        if (options.Api.Key is { Length: > 0 } key && !key.All(character => character is > ' ' and < '\x7f'))
            failures.Add("Hermes:Api:Key has spaces or characters that are not ASCII, which no Authorization header can carry. Choose letters and digits: openssl rand -hex 32");

        var homes = options.HomesInCode.Distinct(StringComparer.Ordinal).ToList();
        if (homes.Count > 1 && homes.Select(home => Path.TrimEndingDirectorySeparator(HermesHome.Resolve(home).Path)).Distinct(StringComparer.Ordinal).Skip(1).Any())
            failures.Add($"AddHermes was called with different homes: {string.Join(" and ", homes)}. An application serves one home: name it in one call");

        var home = HermesHome.Resolve(options.Home);
        if (FindFault(home.Path) is { } fault)
        {
            // Whoever names state.db means its folder; nobody means the folder of a link or a pipe.
            var isFile = fault == "a file" && new FileInfo(home.Path) is { Exists: true, LinkTarget: null };
            failures.Add(
                $"Hermes:Home is '{home}', which is {fault}, or lies below one. {(isFile ? $"Name the folder that it lies in: {Path.GetDirectoryName(home.Path)}" : "Name a folder")}");
        }

        foreach (var host in options.Api.AllowedHosts.Where(host => Uri.CheckHostName(host.Trim().Trim('[', ']')) is UriHostNameType.Unknown))
            failures.Add($"Hermes:Api:AllowedHosts has '{host}', which is no name of a host. Write the name alone, without scheme, port and *, as in hermes.lan");

        foreach (var origin in options.Api.CorsOrigins.Where(origin => origin != WebOrigin.Any && WebOrigin.Normalize(origin) is null))
            failures.Add($"Hermes:Api:CorsOrigins has '{origin}', which is no origin. Write scheme, host and port alone, as in https://ui.example or http://localhost:3000");

        if (!Enum.IsDefined(options.Api.ListKeys))
            failures.Add("Hermes:Api:ListKeys is not Both, Items or Data");

        foreach (var path in options.Api.ShownConfigKeys.Where(path => !KnownKeys.IsPath(path) || !SafeConfig.IsInSection(path)))
            failures.Add($"Hermes:Api:ShownConfigKeys has '{path}', which is no key of a section that GET /api/config shows. Write names with dots between, * for any name and [] for the elements of a list, as in display.theme.*");

        foreach (var origin in options.Api.ProviderOrigins.Where(origin => WebOrigin.Normalize(origin) is null || ShownUrl.OriginOf(origin) is null))
            failures.Add($"Hermes:Api:ProviderOrigins has '{origin}', which is no origin of a provider. Write scheme, host and port alone, as in https://models.example");

        // A number has no name of the enumeration, and is taken by the configuration all the same.
        if (!Enum.IsDefined(options.Chat.OnDisconnect))
            failures.Add($"Hermes:Chat:OnDisconnect is no word that it takes. Write {string.Join(" or ", Enum.GetNames<ChatDisconnect>())}");

        if (options.Chat.ShutdownGrace < TimeSpan.Zero || options.Chat.ShutdownGrace > TimeSpan.FromDays(1))
            failures.Add("Hermes:Chat:ShutdownGrace is not between 0 and one day. Write hours, minutes and seconds, as in 00:00:10");

        if (options.Chat.DisconnectGrace < TimeSpan.Zero || options.Chat.DisconnectGrace > TimeSpan.FromDays(1))
            failures.Add("Hermes:Chat:DisconnectGrace is not between 0 and one day. Write hours, minutes and seconds, as in 00:00:30");

        if (options.Chat.LeaseTimeout < TimeSpan.Zero || options.Chat.LeaseTimeout > TimeSpan.FromDays(1))
            failures.Add("Hermes:Chat:LeaseTimeout is not between 0 and one day. Write hours, minutes and seconds, as in 00:00:30");

        if (options.Chat.MaxConcurrentTurns < 1)
            failures.Add("Hermes:Chat:MaxConcurrentTurns is not a number above 0. Write for example 10, or leave it out for no limit");

        if (options.Chat.ModelTimeout < TimeSpan.FromSeconds(1) || options.Chat.ModelTimeout > TimeSpan.FromDays(1))
            failures.Add("Hermes:Chat:ModelTimeout is not between 00:00:01 and one day. Write hours, minutes and seconds, as in 00:05:00");

        if (options.Chat.MaxAnswerLength < 1)
            failures.Add("Hermes:Chat:MaxAnswerLength is less than 1 character. Write for example 4000000");

        if (options.Chat.MaxRunBytes < MinRunBytes)
            failures.Add($"Hermes:Chat:MaxRunBytes is less than {MinRunBytes}, in which no answer has room. Write for example 16777216");

        if (options.Sessions.SearchTime <= TimeSpan.Zero || options.Sessions.SearchTime > TimeSpan.FromDays(1))
            failures.Add("Hermes:Sessions:SearchTime is not above 0 and at most one day. Write hours, minutes and seconds, as in 00:00:02");

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? FindFault(string path)
    {
        try
        {
            return FileStatus.FindFolderFault(new FileSystem(), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What may not be read is for the answers to say.
            return null;
        }
    }
}
